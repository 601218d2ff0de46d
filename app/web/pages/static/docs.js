// Follows the reader's choice of light or dark, which the viewer takes as an attribute only.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const viewer = document.querySelector("rapi-doc");

function follow() {
  viewer.setAttribute("theme", dark.matches ? "dark" : "light");
}

dark.addEventListener("change", follow);
follow();
