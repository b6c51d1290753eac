import { bindToCall, needCall } from './scope.ts'
import type { StorageScope } from './shared-storage.ts'

/** Storage as project code meets it: on behalf of the call that is running. */
export const storageScope: StorageScope = {
  ask: (request, subscribe) => needCall().ask(request, subscribe),
  bind: bindToCall,
}
