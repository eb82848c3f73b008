/* The part of a page that changes, asked for anew with the log-in of the page. */

/* {html, tag} where it has changed since `etag`, null where it has not; throws where there is no answer to be had.
   Logged out, or no longer allowed: the page is loaded again, since the server says which. */
export async function fetchPart(address, etag, onGone = () => window.location.reload()) {
  const response = await fetch(address, {
    headers: etag ? { "If-None-Match": etag } : {},
    credentials: "same-origin",
    cache: "no-store",
    redirect: "manual",
  });
  if (response.status === 200) return { html: await response.text(), tag: response.headers.get("ETag") ?? "" };
  if (response.type === "opaqueredirect" || [403, 404].includes(response.status)) {
    onGone();
  } else if (response.status !== 304) {
    throw new Error(String(response.status));
  }
  return null;
}
