/** The first value that a subscription gives. */
export const once = <Value>(subscribe: (listener: (value: Value) => void) => () => void): Promise<Value> =>
  new Promise((resolve) => {
    const stop = subscribe((value) => {
      stop()
      resolve(value)
    })
  })
