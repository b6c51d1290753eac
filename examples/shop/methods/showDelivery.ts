/** Runs on clients, when the server has them run it: `tessera clients order customer showDelivery 12`. */
export default (pieces: number): void => {
  process.stdout.write(`\nA delivery came: ${pieces} pieces. Say list to see the shelves.\n`)
}
