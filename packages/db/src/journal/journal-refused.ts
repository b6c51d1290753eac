export type RefusalCode = 'JOURNAL_DAMAGED' | 'JOURNAL_TOO_NEW'

/**
 * What becomes a TesseraError at the near end of the thread. Inside it is not one: loading the protocol there, with all of its schemas,
 * would delay every start by a tenth of a second.
 */
export class JournalRefused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}
