/**
 * What crosses the wire inside a call, without the schemas of its edges: project code and the isolates it runs in take these
 * alone, because loading the schemas costs every isolate more time than all else it loads.
 */
export * from './deadline.ts'
export * from './error-codes.ts'
export * from './limits.ts'
export * from './problem.ts'
export * from './procedure-handle.ts'
export * from './storable.ts'
export * from './tessera-error.ts'
export * from './when-aborted.ts'
