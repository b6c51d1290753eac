export interface RemoteOptions {
  address: string
  user?: string | undefined
  password?: string | undefined
  /** Refused where the server publishes another project. */
  project?: string | undefined
  /** What the client half reads as `remote.userParam`. */
  userParam?: string | undefined
  machineName?: string | undefined
  /** Where packages are kept; `TESSERA_CACHE_DIR` or `~/.cache/tessera` where it is not given. */
  cacheDirectory?: string | undefined
  /** How long to keep trying where the server does not answer yet. */
  waitMs?: number | undefined
  /** Gives up the idle connection when the server asks for it; the next call opens it again. */
  mayPostpone?: boolean | undefined
  /** What is to be told to the user, line by line. */
  onLine?: ((line: string) => void) | undefined
  onProgress?: ((fraction: number) => void) | undefined
  /** `inherit` (default): the client half uses this process's terminal. `pipe`: its output is copied to it. */
  stdio?: 'inherit' | 'pipe' | undefined
}
