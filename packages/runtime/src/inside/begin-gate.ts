import { type Board, intAt } from '../board.ts'

/** Whether runs may begin here. */
export interface BeginGate {
  readonly isOpen: boolean
  /** The server knows of this closing, and has said which runs it took back. */
  open(closing: number): void
}

/**
 * Closed by whoever watches the isolate, on the board, at the moment it finds that nobody answers: from then on nothing begins
 * until the server has said what it runs elsewhere, so that no run can begin twice (rule X30). Closings are numbered: an answer
 * to an earlier one opens nothing.
 */
export class BoardGate implements BeginGate {
  readonly #ints: Int32Array
  #opened = 0

  constructor({ ints }: Board) {
    this.#ints = ints
  }

  get isOpen(): boolean {
    return Atomics.load(this.#ints, intAt.closings) === this.#opened
  }

  open(closing: number): void {
    this.#opened = closing
  }
}

/** Where nobody watches. */
export const openGate: BeginGate = { isOpen: true, open: () => {} }
