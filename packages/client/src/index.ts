/** The SDK for remote clients and scripts. */
export { ConnectionRefused, MethodError, type ProcedureHandle, type ProcedureProgress, TesseraError } from '@tessera/protocol'
export { parseAddress, type ServerAddress } from './address.ts'
export { type AdminClient, type AdminClientOptions, createAdminClient } from './admin-client.ts'
export { connect } from './connect.ts'
export type { ConnectOptions } from './connect-options.ts'
export { type DownloadedPackage, type DownloadOptions, downloadPackage } from './package-download.ts'
export { type PackageSource, type PackageSourceOptions, packageSource } from './package-source.ts'
export type { Remote, RemoteEvents, RemoteProcedures, RemoteProcess, Version } from './remote.ts'
