/** Privileges lent to the call that runs in a web process, until it ends (4d.md PRV-15, SES-42, SES-43). */
export class Promotions {
  // Only web calls are lent anything: other processes take no room for it.
  #names: Map<number, string> | null = null
  #last = 0

  get names(): readonly string[] {
    return [...(this.#names?.values() ?? [])]
  }

  /** Ids rise by one, from call to call too: an id that an earlier call kept undoes nothing. */
  add(name: string): number {
    this.#last += 1
    this.#names ??= new Map()
    this.#names.set(this.#last, name)
    return this.#last
  }

  remove(id: number): void {
    this.#names?.delete(id)
  }

  clear(): void {
    this.#names?.clear()
  }
}
