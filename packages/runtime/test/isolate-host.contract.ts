import { describe } from 'vitest'
import { blameContract } from './contract/blame.contract.ts'
import { codeContract } from './contract/code.contract.ts'
import { type ContractHost, openContractRoom } from './contract/contract-room.ts'
import { identityContract } from './contract/identity.contract.ts'
import { lifeContract } from './contract/life.contract.ts'
import { placesContract } from './contract/places.contract.ts'
import { straysContract } from './contract/strays.contract.ts'
import { valuesContract } from './contract/values.contract.ts'

/** What every isolate host does, whatever its isolates run in (rule X40). */
export const isolateHostContract = (host: ContractHost): void => {
  describe(`isolate host: ${host.kind}`, () => {
    const room = openContractRoom(host)
    identityContract(room)
    valuesContract(room)
    placesContract(room)
    codeContract(room)
    if (host.apart) straysContract(room)
    if (host.apart) blameContract(room)
    lifeContract(room)
  })
}
