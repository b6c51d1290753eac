'use client'
import { Tabs } from '@heroui/react/tabs'
import type { SessionDetail } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { ActButtons } from '../acts/act-buttons.tsx'
import { panelTabs } from '../address/session-url.ts'
import { Notice } from '../display/notice.tsx'
import { RestoredMark, StateAndWait, VersionMark, WaitingMark } from '../display/session-marks.tsx'
import { SkeletonLines } from '../display/skeleton.tsx'
import { useView } from '../live/use-view.ts'
import { SessionCalls } from './calls/session-calls.tsx'
import { PanelHead, PanelMarks } from './panel-head.tsx'
import { PrivilegesTab } from './privileges/privileges-tab.tsx'
import { ProcessList } from './processes/process-list.tsx'
import type { SessionPanelProps } from './session-panel.tsx'
import { StorageTab } from './storage/storage-tab.tsx'
import { SummaryTab } from './summary-tab.tsx'

export const SessionPanelBody = ({ id, tab, history, onTab, onHistory, onClose }: SessionPanelProps) => {
  const t = useTranslations()
  const { value, gone } = useView('session', { kind: 'session', id })
  const session = value?.session
  return (
    <>
      <PanelHead title={session?.userName ?? t('panel.label')} id={{ text: id }} onClose={onClose}>
        {session === undefined ? null : <SessionMarks session={session} ended={gone !== null} />}
      </PanelHead>
      {gone === null ? null : (
        <div className="px-4 pb-3">
          <Notice tone="info" role="status">
            <p className="font-medium">{t('panel.goneTitle')}</p>
            <p className="text-xs">{t(session === undefined ? 'panel.missingText' : 'panel.goneText')}</p>
          </Notice>
        </div>
      )}
      {session === undefined ? (
        <div className="px-4">{gone === null ? <SkeletonLines lines={9} label={t('common.loading')} /> : null}</div>
      ) : (
        <Tabs
          variant="secondary"
          selectedKey={tab}
          onSelectionChange={(key) => onTab(panelTabs.find((one) => one === key) ?? 'summary')}
          className="min-h-0 flex-1 gap-0"
        >
          <Tabs.ListContainer className="px-2">
            <Tabs.List aria-label={t('panel.tabs')}>
              {panelTabs.map((name) => (
                <Tabs.Tab key={name} id={name}>
                  {t(`panel.${name}`)}
                  <Tabs.Indicator />
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Tabs.ListContainer>
          <Tabs.Panel id="summary" className="panel-page">
            <SummaryTab session={session} />
          </Tabs.Panel>
          <Tabs.Panel id="storage" className="panel-page">
            <StorageTab id={id} history={history} onHistory={onHistory} />
          </Tabs.Panel>
          <Tabs.Panel id="privileges" className="panel-page">
            <PrivilegesTab session={session} />
          </Tabs.Panel>
          <Tabs.Panel id="processes" className="panel-page">
            <ProcessList processes={session.processList} />
          </Tabs.Panel>
          <Tabs.Panel id="calls" className="panel-page">
            <SessionCalls id={id} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  )
}

const SessionMarks = ({ session, ended }: { session: SessionDetail; ended: boolean }) => {
  const t = useTranslations('kind')
  return (
    <>
      <PanelMarks>
        <StateAndWait row={ended ? { state: 'closed', removedAt: null } : session} />
        <WaitingMark count={session.waitingMessages} />
        <span>{t(session.kind)}</span>
        <VersionMark version={session.version} />
        {session.restored ? <RestoredMark /> : null}
      </PanelMarks>
      {ended || session.kind === 'storedProcedures' ? null : <ActButtons target={{ kind: 'rows', rows: [session] }} />}
    </>
  )
}
