import type { Storable } from '@tessera/protocol/values'
import { needKitHost } from '../kit-host.ts'

const mark = Symbol.for('tessera.kit.serverCall.1')

/** What the packer puts in the client half in place of a server method: the same name, called over the wire. */
export const callsServer = (method: string): ((...args: readonly unknown[]) => Promise<Storable>) =>
  Object.assign((...args: readonly unknown[]): Promise<Storable> => needKitHost().callServer(method, args), { [mark]: true })

/** Whether a function stands for a server method in a client half. */
export const isServerCall = (value: unknown): boolean => typeof value === 'function' && mark in value
