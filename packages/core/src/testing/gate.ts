/** Something that a scripted method waits for until the test lets it pass. */
export interface Gate {
  readonly passed: Promise<void>
  open(): void
}

export const createGate = (): Gate => {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
