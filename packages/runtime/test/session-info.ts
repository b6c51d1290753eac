/** Of a session of which nothing matters but that it is there. */
export const blankInfo = {
  type: 'remote',
  userName: '',
  machineName: '',
  systemUserName: '',
  IPAddress: '',
  hostType: '',
  creationDateTime: '',
  state: 'active',
  ID: '',
  persistentID: '',
} as const
