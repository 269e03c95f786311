// What has to run in the head of a page, before anything is painted or asked for; it is no module, which would wait.

{
  // What the reader chose on an earlier visit; nothing where it cannot be known.
  const chosen = (name) => {
    try { return __md_get(name) } catch { return null }
  };

  // The view, where the style sheet sees it before the first paint.
  document.documentElement.dataset.h2hView = chosen("__h2h_view") === "tabs" ? "tabs" : "sides";

  // The colours. The theme sets them by a script in the body, for which the first paint need not wait.
  new MutationObserver((_, seen) => {
    if (!document.body) return;
    seen.disconnect();
    for (const [kind, value] of Object.entries(chosen("__palette")?.color ?? {}))
      document.body.setAttribute(`data-md-color-${kind}`, value);
  }).observe(document.documentElement, { childList: true });
}
