'use client'
import { type CallsUrl, formatCallsUrl, parseCallsUrl } from '../../../src/address/call-url.ts'
import { type GoTo as GoToAddress, useAddress } from '../../../src/address/use-address.ts'

export type GoTo = GoToAddress<CallsUrl>

const form = { parse: parseCallsUrl, format: formatCallsUrl }

export const useCallsAddress = (): { address: CallsUrl; go: GoTo } => useAddress(form)
