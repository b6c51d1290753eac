const wanted = [20, 19]

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | null} one line that says what to do, or null where this Node will do
 */
export const checkNodeVersion = (version) => {
  const [major, minor] = version.split('.').map(Number)
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return null
  return `Tessera needs Node ${wanted.join('.')} or newer and this is ${version}: install a newer one from https://nodejs.org, then run the same command again.`
}
