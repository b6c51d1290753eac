import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorCodes } from './error-codes.ts'
import { ConnectionRefused, fromErrorBody, MethodError, refusalFromBody, TesseraError, toErrorBody } from './tessera-error.ts'

describe('errors on the wire', () => {
  test.each(Object.keys(errorCodes) as ErrorCode[])('N3 %s arrives with its code, sentence and whether to retry', (code) => {
    const back = fromErrorBody(toErrorBody(new TesseraError(code, 'a sentence', { retryAfterMs: 5 })))
    expect({ code: back.code, message: back.message, retryable: back.retryable, retryAfterMs: back.retryAfterMs }).toEqual({
      code,
      message: 'a sentence',
      // A method's own error says nothing about trying again.
      retryable: code === 'METHOD_ERROR' ? false : errorCodes[code].retryable,
      retryAfterMs: code === 'METHOD_ERROR' ? undefined : 5,
    })
  })

  test('N3 an error of project code keeps class, message and stack', () => {
    const back = fromErrorBody(toErrorBody(new MethodError('RangeError', 'too far', 'RangeError: too far\n    at methods/go.ts:3:9')))
    expect(back).toBeInstanceOf(MethodError)
    expect(back).toMatchObject({ className: 'RangeError', message: 'too far', stack: expect.stringContaining('methods/go.ts:3:9') })
  })

  test('N3 a refusal keeps what the project returned', () => {
    const back = refusalFromBody(toErrorBody(new ConnectionRefused('OPEN_CONNECTION_REFUSED', 'closed', { returned: { code: 7, text: 'closed' } })))
    expect(back).toBeInstanceOf(ConnectionRefused)
    expect(back.returned).toEqual({ code: 7, text: 'closed' })
  })

  test('N3 a refusal for want of licences keeps how many are in use of how many', () => {
    const back = refusalFromBody(toErrorBody(new ConnectionRefused('LICENCES_EXHAUSTED', 'all in use', { licences: { current: 6, maximum: 5 } })))
    expect(back.licences).toEqual({ current: 6, maximum: 5 })
    expect(back.returned).toBeUndefined()
  })

  test('N3 what was not expected tells nothing of itself', () => {
    expect(toErrorBody(new Error('password is hunter2'))).toEqual({ code: 'INTERNAL', message: expect.not.stringContaining('hunter2') })
  })

  test('N3 two copies of the classes know each other, and nothing else', async () => {
    const copy = (await import(`./tessera-error.ts?copy=${'two'}`)) as typeof import('./tessera-error.ts')
    expect(copy.TesseraError).not.toBe(TesseraError)
    const error = new copy.MethodError('X', 'm', '')
    expect([error instanceof TesseraError, error instanceof MethodError, error instanceof ConnectionRefused]).toEqual([true, true, false])
    expect(new Error('x') instanceof TesseraError).toBe(false)
  })
})
