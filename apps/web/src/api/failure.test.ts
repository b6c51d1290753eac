import { describe, expect, it } from 'vitest'
import { codeOfError, parseFailure } from './failure.ts'

const problem = { file: 'methods/a.ts', line: 3, column: 1, severity: 'error', code: 'type-error', message: 'No.' }
const trpcError = (tessera: unknown) => Object.assign(new Error('outer'), { data: { code: 'X', tessera } })

describe('a failure', () => {
  it('is read from where tRPC carries it', () => {
    const failure = parseFailure(trpcError({ code: 'VERSION_REJECTED', message: 'The project has problems.', problems: [problem, 'odd'] }))
    expect(failure).toEqual({ code: 'VERSION_REJECTED', message: 'The project has problems.', problems: [problem], retryAfterMs: null })
  })

  it('without any code never reached the server', () => {
    expect(parseFailure(new TypeError('Failed to fetch')).code).toBe('SERVER_UNREACHABLE')
  })

  it('of an unknown code keeps its sentence', () => {
    expect(parseFailure(trpcError({ code: 'NEWER_THAN_US', message: 'Something new.' }))).toMatchObject({ code: 'INTERNAL', message: 'Something new.' })
  })

  it('of the socket is known by its data or by its message', () => {
    expect(codeOfError(Object.assign(new Error('refused'), { data: { code: 'SIGN_IN_REQUIRED' } }))).toBe('SIGN_IN_REQUIRED')
    expect(codeOfError(new Error('SIGN_IN_REQUIRED'))).toBe('SIGN_IN_REQUIRED')
    expect(codeOfError(new Error('websocket error'))).toBeNull()
  })
})
