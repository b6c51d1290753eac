'use client'
import { type CallsUrl, formatCallsUrl, parseCallsUrl } from '../../../src/address/call-url.ts'
import { changeParts, type GoTo as GoToAddress, useAddress } from '../../../src/address/use-address.ts'

export type GoTo = GoToAddress<Partial<CallsUrl>>

const form = { parse: parseCallsUrl, format: formatCallsUrl, change: changeParts<CallsUrl> }

export const useCallsAddress = (): { address: CallsUrl; go: GoTo } => useAddress(form)
