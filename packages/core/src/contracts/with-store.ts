/** Makes an empty store for one test, with the way to take it away again. */
export type MakeStore<Store> = () => Promise<{ store: Store; close: () => Promise<void> }>

/** Runs one test on a store of its own. */
export const withStore = async <Store>(make: MakeStore<Store>, run: (store: Store) => Promise<void>): Promise<void> => {
  const { store, close } = await make()
  try {
    await run(store)
  } finally {
    await close()
  }
}
