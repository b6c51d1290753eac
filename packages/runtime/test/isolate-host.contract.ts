import { describe } from 'vitest'
import { codeContract } from './contract/code.ts'
import { type ContractHost, openContractRoom } from './contract/contract-room.ts'
import { identityContract } from './contract/identity.ts'
import { lifeContract } from './contract/life.ts'
import { placesContract } from './contract/places.ts'
import { valuesContract } from './contract/values.ts'

/** What every isolate host does, whatever its isolates run in (rule X40). */
export const isolateHostContract = (host: ContractHost): void => {
  describe(`isolate host: ${host.kind}`, () => {
    const room = openContractRoom(host)
    identityContract(room)
    valuesContract(room)
    placesContract(room)
    codeContract(room)
    lifeContract(room)
  })
}
