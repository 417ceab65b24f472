// In a notebook: its theme, and a frame as high as the page

function followNotebook() {
  const frame = window.frameElement; // null in a file of its own
  if (!frame) return;
  const { body } = frame.ownerDocument;
  const follow = () => {
    const { jpThemeLight, vscodeThemeKind } = body.dataset;
    const theme = vscodeThemeKind
      ? vscodeThemeKind.includes("light")
        ? "light"
        : "dark"
      : { true: "light", false: "dark" }[jpThemeLight];
    if (theme) document.documentElement.dataset.theme = theme;
  };
  follow();
  new MutationObserver(follow).observe(body, { attributes: true });
  new ResizeObserver(() => {
    frame.style.height = `${document.documentElement.offsetHeight + 4}px`;
  }).observe(document.documentElement);
}
