/** More turns than any chain of promises in the engine takes. */
const turns = 200

/** Lets everything that can happen without time passing happen. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
}
