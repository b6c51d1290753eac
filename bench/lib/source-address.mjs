/** Fewer than the ports that systems give to clients (28,000 on Linux), so that a crowd may come back while they cool down. */
const mostOfEach = 10_000

/**
 * From which loopback address the client of that number connects, since one address alone runs out of ports. None is named for the
 * first ones: a named one makes the system look for a port that is free towards everybody, which takes ever longer.
 * @param {number} index
 */
export const sourceAddressOf = (index) => (index < mostOfEach ? {} : { localAddress: `127.0.0.${1 + Math.floor(index / mostOfEach)}` })
