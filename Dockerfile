# preauth in production: `docker run` lists the settings that are missing until all are set. compose.yaml has a demo, too.
# The digest is the one of python:3.11-slim in https://github.com/docker-library/repo-info. Renew it with each release.
ARG PYTHON=python:3.11-slim@sha256:90744cff8f32887f075c47d747a173ff333e9e98801667af93c357fa9f5e28ff

# Build the wheel of preauth, and download the packages of .ci/image.lock; pip compares each file with its hash.
FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY . .
RUN python -m pip install --require-hashes --only-binary :all: -r .ci/build.lock \
    && python -m pip download --require-hashes --only-binary :all: --dest /wheels -r .ci/image.lock \
    && python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# The image has no compiler and no source, and does not run as root. It writes to /data and /tmp only.
FROM ${PYTHON}
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    --mount=type=bind,from=build,source=/source/.ci/image.lock,target=/image.lock \
    python -m pip install --no-cache-dir --no-index --find-links /wheels --require-hashes -r /image.lock \
    && python -m pip install --no-cache-dir --no-index --no-deps /wheels/preauth-*.whl \
    && python -m pip uninstall --yes pip setuptools wheel \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin preauth \
    && install --directory --owner preauth --mode 0700 /data
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PREAUTH_ENVIRONMENT=production PREAUTH_DATA=/data PREAUTH_HOST=0.0.0.0
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
ENTRYPOINT ["preauth"]
CMD ["serve"]
