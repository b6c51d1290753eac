import type { Problem } from '@tessera/protocol'
import type { BuiltProject } from './build/build-project.ts'
import type { OnProgress } from './build/builder.ts'

export type { BuiltProject } from './build/build-project.ts'
export type { BuildStep, OnProgress } from './build/builder.ts'
export { createProjectSource, type ProjectSourceOnDisk } from './build/project-source.ts'
export { type Catalog, catalogFile, checkCatalog, parseCatalog } from './folder/catalog-file.ts'
export { loadProject, type Project, type ProjectFile } from './folder/load.ts'
export { type NewProject, newProject } from './folder/new.ts'
export { type Settings, settingsJsonSchema } from './folder/settings.ts'
export { type WatchOptions, watchProject } from './folder/watch.ts'
export { createPackageStore, type PackageStoreOnDisk } from './package/package-store.ts'
export * from './package.ts'
export { createTimetable } from './schedule/timetable.ts'

// The compilers are loaded by those who compile: a server that only serves needs neither.

/** Every problem of a project, in order of place. @throws TesseraError `PROJECT_NOT_FOUND`. */
export const checkProject = async (directory: string): Promise<Problem[]> => (await import('./build/build-project.ts')).checkProject(directory)

/**
 * Reads, checks, compiles and packs a project. The same folder gives the same bytes on every machine.
 * @throws TesseraError `PROJECT_NOT_FOUND`; `PROJECT_INVALID` with `problems`.
 */
export const buildProject = async (directory: string, options: { onProgress?: OnProgress } = {}): Promise<BuiltProject> =>
  (await import('./build/build-project.ts')).buildProject(directory, options)
