/** For the places that run project code; projects do not import this. */
export { isServerCall } from '../client/index.ts'
export { findKitHost, installKitHost, type KitHost, needKitHost } from '../kit-host.ts'
export { serverMethodOf } from '../on-server.ts'
