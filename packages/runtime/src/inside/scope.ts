import { AsyncLocalStorage } from 'node:async_hooks'
import { TesseraError } from '@tessera/protocol/values'
import type { Call } from './call.ts'
import { whileMarked } from './current-run.ts'

/** Which call the running code belongs to. It follows the code through every await, timer and callback (rule X1). */
const calls = new AsyncLocalStorage<Call>()

export const currentCall = (): Call | undefined => calls.getStore()

/** @throws TesseraError `NOT_AVAILABLE_HERE` outside a call. */
export const needCall = (): Call => {
  const call = calls.getStore()
  if (call === undefined) throw new TesseraError('NOT_AVAILABLE_HERE', 'This is available only while a method of the project runs.')
  return call
}

export const runInCall = <Result>(call: Call, fn: () => Result): Result => whileMarked(call, () => calls.run(call, fn))

/** Runs a listener as part of the call that registered it; what it throws ends that call, and nothing else. */
export const bindToCall = <Value>(listener: (value: Value) => void): ((value: Value) => void) => {
  const call = needCall()
  return (value) => {
    runInCall(call, () => {
      try {
        listener(value)
      } catch (error) {
        call.strayError(error)
      }
    })
  }
}
