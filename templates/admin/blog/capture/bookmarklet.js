// Opens the capture form with the current page's metadata and selection.
// Comment lines are left out of the bookmark, and line breaks become spaces.
(() => {
  const content = (...names) => names
    .map((name) => document.querySelector(`meta[property="${name}" i], meta[name="${name}" i]`))
    .map((meta) => meta?.content?.trim())
    .find(Boolean);
  const referrer = document.referrer;
  const metadata = {
    url: location.href,
    title: content("og:title") || document.title,
    via: referrer && new URL(referrer).host !== location.host ? referrer : "",
    author: content("author", "article:author"),
    site: content("og:site_name"),
    description: content("og:description", "description"),
    canonical: document.querySelector("link[rel~=canonical]")?.href,
  };
  // Servers limit the length of a URL.
  const encodedLength = (text) => String(new URLSearchParams({ text })).length;
  const cut = (text, max) => {
    let part = text.slice(0, max);
    while (encodedLength(part) > max) part = part.slice(0, -20);
    return part === text ? text : `${part} […]`;
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(metadata)) {
    if (value) query.set(name, name === "url" || name === "canonical" ? value : cut(value, 600));
  }
  const selected = String(getSelection()).trim();
  if (selected) query.set("text", cut(selected, 4000));
  const form = {{ form_address|safe }};
  const popup = !matchMedia("(max-width: 700px)").matches
    && open(`${form}?${query}&popup=1`, "_blank", "popup,width=680,height=820");
  if (!popup) location.assign(`${form}?${query}`);
})();
