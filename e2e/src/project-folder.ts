import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A project in a folder of its own, made from the skeleton of `tessera new`. */
export class ProjectFolder {
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
  }

  static copy(skeleton: string, directory: string, files: Readonly<Record<string, string>> = {}): ProjectFolder {
    cpSync(skeleton, directory, { recursive: true })
    const folder = new ProjectFolder(directory)
    for (const [path, text] of Object.entries(files)) folder.write(path, text)
    return folder
  }

  write(path: string, text: string): void {
    const file = join(this.directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8')
  }

  /** Another text in place of one that must be there. */
  replace(path: string, from: string, to: string): void {
    const text = this.read(path)
    if (!text.includes(from)) throw new Error(`${path} does not say ${from}`)
    this.write(path, text.replace(from, to))
  }

  remove(path: string): void {
    rmSync(join(this.directory, path), { recursive: true })
  }
}

/** Packages are read-only on disk. */
export const makeWritable = (file: string): void => chmodSync(file, 0o644)
