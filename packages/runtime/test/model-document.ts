import type { CommitReply, CommitRequest, Delta, SlotChange, StorageSeed } from '@tessera/core'

/** The master copy of one storage document, as small as the rules allow: what the replicas are tested against. */
export class ModelDocument {
  clock = 0
  readonly #slots = new Map<string, { text: string | null; changedAt: number }>()
  #turn: number | null = null
  #lastTurn = 0
  readonly #waiting: ((turn: number) => void)[] = []

  seed(): StorageSeed {
    return { clock: this.clock, slots: [...this.#slots].flatMap(([slot, { text }]) => (text === null ? [] : [[slot, text] as const])) }
  }

  since(base: number): Delta {
    const changes = [...this.#slots].flatMap(([slot, { text, changedAt }]) => (changedAt > base ? [[slot, text] as const] : []))
    return { from: base, clock: this.clock, changes }
  }

  commit({ base, touched, changes, turn }: CommitRequest): CommitReply {
    const mine = turn !== undefined && turn === this.#turn
    const fresh = touched.every((slot) => (this.#slots.get(slot)?.changedAt ?? 0) <= base)
    const won = fresh && (this.#turn === null || mine)
    if (won && changes.length > 0) this.write(changes)
    if (mine) this.#passTurn()
    return { won, since: this.since(base) }
  }

  write(changes: readonly SlotChange[]): void {
    this.clock++
    for (const [slot, text] of changes) this.#slots.set(slot, { text, changedAt: this.clock })
  }

  async takeTurn(base: number): Promise<{ turn: number; since: Delta }> {
    if (this.#turn !== null) return { turn: await new Promise<number>((resolve) => this.#waiting.push(resolve)), since: this.since(base) }
    this.#turn = ++this.#lastTurn
    return { turn: this.#turn, since: this.since(base) }
  }

  #passTurn(): void {
    const next = this.#waiting.shift()
    // Nobody may come in between: the turn is handed on, not put back.
    this.#turn = next === undefined ? null : ++this.#lastTurn
    if (this.#turn !== null) next?.(this.#turn)
  }
}
