/** Takes the one-time token out of the address bar, so that neither history nor a shared screen keeps it. */
export const takeLinkToken = (): string | null => {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (token === null || token === '') return null
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return token
}
