/** Lets one through at a time, in order of arrival. */
export class Gate {
  #last: Promise<void> = Promise.resolve()

  /** Waits for everybody before; answers how to leave, which must happen exactly once. */
  async enter(): Promise<() => void> {
    const before = this.#last
    let leave = (): void => undefined
    this.#last = new Promise((resolve) => {
      leave = resolve
    })
    await before
    return leave
  }

  async through<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
