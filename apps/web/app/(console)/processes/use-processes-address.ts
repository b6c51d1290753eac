'use client'
import { formatProcessesUrl, type ProcessesUrl, parseProcessesUrl } from '../../../src/address/process-url.ts'
import { changeParts, type GoTo as GoToAddress, useAddress } from '../../../src/address/use-address.ts'

export type GoTo = GoToAddress<Partial<ProcessesUrl>>

const form = { parse: parseProcessesUrl, format: formatProcessesUrl, change: changeParts<ProcessesUrl> }

export const useProcessesAddress = (): { address: ProcessesUrl; go: GoTo } => useAddress(form)
