'use client'
import { formatProcessesUrl, type ProcessesUrl, parseProcessesUrl } from '../../../src/address/process-url.ts'
import { type GoTo as GoToAddress, useAddress } from '../../../src/address/use-address.ts'

export type GoTo = GoToAddress<ProcessesUrl>

const form = { parse: parseProcessesUrl, format: formatProcessesUrl }

export const useProcessesAddress = (): { address: ProcessesUrl; go: GoTo } => useAddress(form)
