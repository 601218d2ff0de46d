// Set the colors (light or dark) and the layout of the viewer as the browser prefers; the viewer takes both as attributes.
const COLORS = {
  light: {
    "bg-color": "#f7f9f8",
    "text-color": "#16211f",
    "primary-color": "#0b6e69",
    "nav-bg-color": "#ffffff",
    "nav-text-color": "#36433f",
    "nav-hover-bg-color": "#edf2f0",
    "nav-hover-text-color": "#16211f",
  },
  dark: {
    "bg-color": "#101615",
    "text-color": "#e6ecea",
    "primary-color": "#5cc8bd",
    "nav-bg-color": "#172020",
    "nav-text-color": "#b5c4bf",
    "nav-hover-bg-color": "#22302d",
    "nav-hover-text-color": "#ffffff",
  },
};

const viewer = document.querySelector("rapi-doc");
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const narrow = window.matchMedia("(max-width: 767px)");

function applyPreferences() {
  const theme = dark.matches ? "dark" : "light";
  viewer.setAttribute("theme", theme);
  for (const [name, value] of Object.entries(COLORS[theme])) {
    viewer.setAttribute(name, value);
  }
  // Below this width the viewer hides its list of paths; the layout "view" is itself a list.
  viewer.setAttribute("render-style", narrow.matches ? "view" : "focused");
}

dark.addEventListener("change", applyPreferences);
narrow.addEventListener("change", applyPreferences);
applyPreferences();
