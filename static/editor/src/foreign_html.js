/**
 * The body of HTML from elsewhere, in a document where nothing of it runs or loads. The content security policy refuses
 * style attributes even there, so what they say stands in `data-style`.
 */
export function bodyOf(html) {
  const calm = html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  return new DOMParser().parseFromString(calm, "text/html").body;
}
