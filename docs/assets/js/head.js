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

  // The index of the search outweighs any page: the theme gets it when the reader turns to the search.
  const proto = XMLHttpRequest.prototype, { open, send } = proto;
  proto.open = function (method, url, ...rest) {
    this.waits = /search_index\.json$/.test(url) && !/[?&][hq]=/.test(location.search);
    return open.call(this, method, url, ...rest);
  };
  proto.send = function (...body) {
    if (!this.waits) return send.apply(this, body);
    const go = ({ target }) => {
      if (!target.matches(".md-search__input")) return;
      removeEventListener("focusin", go);
      send.apply(this, body);
    };
    addEventListener("focusin", go);
  };
}
