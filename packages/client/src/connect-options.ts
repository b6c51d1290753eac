/** Undefined members are as if they were not there. */
export interface ConnectOptions {
  /** `host`, `host:port`, `[::1]:port` or `http(s)://host:port`; port 19813 where none is given. */
  address: string
  user?: string | undefined
  password?: string | undefined
  /** Refused with `UNKNOWN_PROJECT` where the server publishes another. */
  project?: string | undefined
  /** The `resumeToken` of a session to take up again, in place of user and password. */
  resume?: string | undefined
  /** Shown to administrators; this machine's name where it is not given. */
  machineName?: string | undefined
  /** Name and version of the program that connects, for people. */
  client?: string | undefined
  /** How long to keep trying where the server is still starting, or does not listen yet; not at all where it is not given. */
  waitMs?: number | undefined
  /** Gives up the connection after a quiet time when the server asks for it, and opens it again at the next request. */
  mayPostpone?: boolean | undefined
  /** False: a reload waits for `move` from the start, as after `holdReload()`. */
  autoReload?: boolean | undefined
}
