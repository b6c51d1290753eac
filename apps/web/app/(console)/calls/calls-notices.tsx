'use client'
import type { ErrorBody } from '@tessera/protocol'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { CallLogOff } from '../../../src/panels/calls/call-log-off.tsx'
import { useServer } from '../../../src/shell/server-provider.tsx'

/** Why nothing is told, or nothing new. `any`: whether calls are shown; where none are, the empty list says it. */
export const CallsNotices = ({ gone, any }: { gone: ErrorBody | null; any: boolean }) => {
  const isOff = useServer()?.callLog?.enabled === false
  if (gone === null && !(isOff && any)) return null
  return (
    <div className="flex flex-col gap-2 px-4 pb-2">
      {gone === null ? null : <FailureNotice error={{ data: gone }} />}
      {isOff && any ? (
        <Notice tone="info">
          <CallLogOff />
        </Notice>
      ) : null}
    </div>
  )
}
