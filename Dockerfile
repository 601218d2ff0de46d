# Build the wheels of preauth and its dependencies, at the versions in constraints.txt.
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels --constraint constraints.txt .

# The image has no compiler and no source, and does not run as root.
FROM python:3.11-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --no-index --find-links /wheels preauth \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin preauth \
    && install --directory --owner preauth --mode 0700 /data
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
ENTRYPOINT ["preauth", "serve", "--host", "0.0.0.0", "--data", "/data"]
