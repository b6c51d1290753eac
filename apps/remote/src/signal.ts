/** Something that happens at most once: the first value counts. */
export interface Signal<Value> {
  readonly promise: Promise<Value>
  give(value: Value): void
}

export const signal = <Value>(): Signal<Value> => {
  let give: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((resolve) => {
    give = resolve
  })
  return { promise, give: (value) => give(value) }
}
