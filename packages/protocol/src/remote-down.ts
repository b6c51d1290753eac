/** What the server says to a remote client, over the socket.io namespace `/remote`. */
export interface Welcome {
  sessionId: string
  /** Takes the session up again after the connection was lost; replaced at each welcome. */
  resumeToken: string
  version: { id: string; digest: string }
  /** Bearer token for `/package/*`. */
  ticket: string
  /** Number of the main process. */
  mainProcess: number
  /** Processes that live on after a resume, by number. */
  processes: { process: number; name: string }[]
  resumed: boolean
  /** The server was restarted since the last welcome: the processes live on, their variables do not. */
  restarted: boolean
  userName: string
  /** For how long the session is kept while its client is lost, asleep, postponed. */
  graceSeconds: number
  sleepSeconds: number
  postponedSeconds: number
  payloadBytes: number
  /** Number of the last order that was told to this session's client so far: a program that takes the session over has none of them. */
  toldOrder: number
}

/** Told again after a resume until it is acknowledged: the client shows each number once. */
export interface MessageDown {
  number: number
  text: string
  at: string
}

/** The operator wants this session on another version; the client says `move` at the deadline at the latest. */
export interface ReloadDown {
  version: { id: string; digest: string }
  deadlineAt: string
  /** Milliseconds left when the server sent this: a client's clock need not agree with the server's. */
  graceMs: number
  reason: string
}

/**
 * A method of the client half that somebody wants run here (4d.md PRC-30). One at a time: the next comes when `orderDone` was
 * said of this one. Told again at each resume until then: the client runs each number once.
 */
export interface OrderDown {
  order: number
  method: string
  /** Storable text of the list of arguments. */
  args: string
  /** Who sent it, for people. */
  from: string
}

/** How far a stored procedure is that this client started, and watches. */
export interface ProgressDown {
  processId: string
  fraction: number
  text: string
}

/** The session has ended; the transport closes after this. */
export interface ClosingDown {
  code: string
  reason: string
}

export interface RemoteDownEvents {
  welcome: (message: Welcome) => void
  message: (message: MessageDown, received: () => void) => void
  reload: (message: ReloadDown) => void
  /** Nothing happened here for a while: the client may answer `postponed`, and is welcome back at its next request. */
  postpone: (message: Record<string, never>) => void
  /** Acknowledged when the client has it, before it runs. */
  order: (message: OrderDown, received: () => void) => void
  progress: (message: ProgressDown) => void
  closing: (message: ClosingDown) => void
}
