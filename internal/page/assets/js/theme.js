// The switch between light and dark. Until somebody uses it the page follows the
// system; after that, what was chosen.

const themeKey = "gwbench-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function startTheme() {
  const remembered = rememberedTheme();
  if (remembered) {
    document.documentElement.dataset.theme = remembered;
  }
  systemIsDark.addEventListener("change", themeChanged);
  const button = document.getElementById("theme");
  if (!button) {
    return;
  }
  button.addEventListener("click", () => {
    const chosen = themeIsDark() ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    rememberTheme(chosen);
    themeChanged();
  });
  nameThemeButton(button);
  button.hidden = false;
}

function themeIsDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : systemIsDark.matches;
}

// themeChanged lets charts, which hold no CSS, draw themselves again.
function themeChanged() {
  const button = document.getElementById("theme");
  if (button) {
    nameThemeButton(button);
  }
  document.dispatchEvent(new Event("themechange"));
}

function nameThemeButton(button) {
  button.textContent = themeIsDark() ? "Light colours" : "Dark colours";
}

// Storage throws where a browser forbids it to files, and is then done without.
function rememberedTheme() {
  try {
    const theme = localStorage.getItem(themeKey);
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null;
  }
}

function rememberTheme(theme) {
  try {
    localStorage.setItem(themeKey, theme);
  } catch {
    // The choice lasts as long as the page.
  }
}
