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
  userName: string
  graceSeconds: number
  payloadBytes: number
}

export interface MessageDown {
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

/** The session has ended; the transport closes after this. */
export interface ClosingDown {
  code: string
  reason: string
}

export interface RemoteDownEvents {
  welcome: (message: Welcome) => void
  message: (message: MessageDown) => void
  reload: (message: ReloadDown) => void
  closing: (message: ClosingDown) => void
}
