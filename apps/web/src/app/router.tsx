import type { LeverName } from '@firebreak/core/respond/containment';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { recordSearch } from '../detect/records/search.ts';
import { Skeleton } from '../ui/Card.tsx';
import { Now } from './Now.tsx';
import { registerSearch } from './register-search.ts';
import { Shell } from './Shell.tsx';
import { Crashed, NotFound } from './Trouble.tsx';

const root = createRootRoute({ component: Outlet });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && /^\/(?!\/|sign-in|welcome)/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('../prepare/people/SignIn.tsx'), 'SignIn'),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('../prepare/people/Welcome.tsx'), 'Welcome'),
});

const now = createRoute({ getParentRoute: () => shell, path: '/', component: Now });
const candidateList = createRoute({
  getParentRoute: () => shell,
  path: '/candidates',
  validateSearch: (search: Record<string, unknown>): { show?: 'all' } => (search.show === 'all' ? { show: 'all' } : {}),
  component: lazyRouteComponent(() => import('../detect/candidates/CandidateList.tsx'), 'CandidateList'),
});
const candidate = createRoute({
  getParentRoute: () => shell,
  path: '/candidates/$candidate',
  component: lazyRouteComponent(() => import('../detect/candidates/CandidatePage.tsx'), 'CandidatePage'),
});
const candidatePack = createRoute({
  getParentRoute: () => shell,
  path: '/candidates/$candidate/pack',
  component: lazyRouteComponent(() => import('../respond/triage-pack/CandidatePackPage.tsx'), 'CandidatePackPage'),
});
const incidentList = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  validateSearch: registerSearch,
  component: lazyRouteComponent(() => import('../respond/incidents/IncidentList.tsx'), 'IncidentList'),
});
const room = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$incident',
  component: lazyRouteComponent(() => import('../respond/war-room/RoomLayout.tsx'), 'RoomLayout'),
});
const roomIndex = createRoute({
  getParentRoute: () => room,
  path: '/',
  component: lazyRouteComponent(() => import('../respond/war-room/Room.tsx'), 'Room'),
});
const roomTriage = createRoute({
  getParentRoute: () => room,
  path: '/triage',
  component: lazyRouteComponent(() => import('../respond/triage-pack/PackTab.tsx'), 'PackTab'),
});
const roomContain = createRoute({
  getParentRoute: () => room,
  path: '/contain',
  component: lazyRouteComponent(() => import('../respond/containment/ContainTab.tsx'), 'ContainTab'),
});
const roomEvidence = createRoute({
  getParentRoute: () => room,
  path: '/evidence',
  component: lazyRouteComponent(() => import('../prove/evidence/EvidenceTab.tsx'), 'EvidenceTab'),
});
const roomPeople = createRoute({
  getParentRoute: () => room,
  path: '/people',
  component: lazyRouteComponent(() => import('../respond/war-room/PeopleTab.tsx'), 'PeopleTab'),
});
const guided = createRoute({
  getParentRoute: () => shell,
  path: '/contain/$about',
  validateSearch: (search: Record<string, unknown>): { system?: string; lever?: LeverName } => ({
    ...(typeof search.system === 'string' && { system: search.system }),
    ...(typeof search.lever === 'string' && { lever: search.lever as LeverName }),
  }),
  component: lazyRouteComponent(() => import('../respond/recommendation/GuidePage.tsx'), 'GuidePage'),
});
const systems = createRoute({
  getParentRoute: () => shell,
  path: '/systems',
  component: lazyRouteComponent(() => import('./SystemList.tsx'), 'SystemList'),
});
const system = createRoute({
  getParentRoute: () => shell,
  path: '/systems/$system',
  component: lazyRouteComponent(() => import('./SystemPage.tsx'), 'SystemPage'),
});
const controlTest = createRoute({
  getParentRoute: () => shell,
  path: '/control-tests/$test',
  component: lazyRouteComponent(() => import('../respond/control-tests/TestPage.tsx'), 'TestPage'),
});
const playbookList = createRoute({
  getParentRoute: () => shell,
  path: '/playbooks',
  component: lazyRouteComponent(() => import('../prepare/playbooks/PlaybookList.tsx'), 'PlaybookList'),
});
const playbook = createRoute({
  getParentRoute: () => shell,
  path: '/playbooks/$playbook',
  component: lazyRouteComponent(() => import('../prepare/playbooks/PlaybookPage.tsx'), 'PlaybookPage'),
});
const rubric = createRoute({
  getParentRoute: () => shell,
  path: '/severity',
  component: lazyRouteComponent(() => import('./SeverityPage.tsx'), 'SeverityPage'),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: '/roles',
  component: lazyRouteComponent(() => import('../prepare/role-directory/RolesPage.tsx'), 'RolesPage'),
});
const risks = createRoute({
  getParentRoute: () => shell,
  path: '/risks',
  component: lazyRouteComponent(() => import('../prepare/risks/RisksPage.tsx'), 'RisksPage'),
});
const policyList = createRoute({
  getParentRoute: () => shell,
  path: '/policies',
  component: lazyRouteComponent(() => import('../prepare/policies/PolicyList.tsx'), 'PolicyList'),
});
const policy = createRoute({
  getParentRoute: () => shell,
  path: '/policies/$policy',
  component: lazyRouteComponent(() => import('./PolicyPage.tsx'), 'PolicyPage'),
});
const start = createRoute({
  getParentRoute: () => shell,
  path: '/start',
  component: lazyRouteComponent(() => import('./start/StartPage.tsx'), 'StartPage'),
});
const vendorList = createRoute({
  getParentRoute: () => shell,
  path: '/vendors',
  component: lazyRouteComponent(() => import('./VendorList.tsx'), 'VendorList'),
});
const vendor = createRoute({
  getParentRoute: () => shell,
  path: '/vendors/$vendor',
  component: lazyRouteComponent(() => import('./VendorPage.tsx'), 'VendorPage'),
});
const doctor = createRoute({
  getParentRoute: () => shell,
  path: '/doctor',
  component: lazyRouteComponent(() => import('./DoctorPage.tsx'), 'DoctorPage'),
});
const held = createRoute({
  getParentRoute: () => shell,
  path: '/held',
  component: lazyRouteComponent(() => import('../respond/held-answers/HeldAnswersPage.tsx'), 'HeldAnswersPage'),
});
const review = createRoute({
  getParentRoute: () => shell,
  path: '/review',
  component: lazyRouteComponent(() => import('./ReviewPage.tsx'), 'ReviewPage'),
});
const monitors = createRoute({
  getParentRoute: () => shell,
  path: '/monitors',
  component: lazyRouteComponent(() => import('../detect/monitors/MonitorsPage.tsx'), 'MonitorsPage'),
});
const moderators = createRoute({
  getParentRoute: () => shell,
  path: '/moderators',
  component: lazyRouteComponent(() => import('../detect/moderation/ModeratorsPage.tsx'), 'ModeratorsPage'),
});
const accessList = createRoute({
  getParentRoute: () => shell,
  path: '/access',
  component: lazyRouteComponent(() => import('../detect/access/AccessPage.tsx'), 'AccessPage'),
});
const oversight = createRoute({
  getParentRoute: () => shell,
  path: '/oversight',
  component: lazyRouteComponent(() => import('../detect/oversight/OversightPage.tsx'), 'OversightPage'),
});
const channelList = createRoute({
  getParentRoute: () => shell,
  path: '/channels',
  component: lazyRouteComponent(() => import('../detect/channels/ChannelsPage.tsx'), 'ChannelsPage'),
});
const predictions = createRoute({
  getParentRoute: () => shell,
  path: '/predictions',
  component: lazyRouteComponent(() => import('../detect/predictions/PredictionsPage.tsx'), 'PredictionsPage'),
});
const measureList = createRoute({
  getParentRoute: () => shell,
  path: '/measures',
  component: lazyRouteComponent(() => import('../detect/measures/MeasureList.tsx'), 'MeasureList'),
});
const measure = createRoute({
  getParentRoute: () => shell,
  path: '/measures/$system/$measure',
  component: lazyRouteComponent(() => import('../detect/measures/MeasurePage.tsx'), 'MeasurePage'),
});
const recordList = createRoute({
  getParentRoute: () => shell,
  path: '/records',
  validateSearch: recordSearch,
  component: lazyRouteComponent(() => import('../detect/records/RecordsPage.tsx'), 'RecordsPage'),
});
const recordRules = createRoute({
  getParentRoute: () => shell,
  path: '/records/rules',
  component: lazyRouteComponent(() => import('./RecordRulesPage.tsx'), 'RecordRulesPage'),
});
const sourceList = createRoute({
  getParentRoute: () => shell,
  path: '/sources',
  component: lazyRouteComponent(() => import('../detect/hooks/SourceList.tsx'), 'SourceList'),
});
const source = createRoute({
  getParentRoute: () => shell,
  path: '/sources/$source',
  component: lazyRouteComponent(() => import('../detect/hooks/SourcePage.tsx'), 'SourcePage'),
});
const paging = createRoute({
  getParentRoute: () => shell,
  path: '/paging',
  validateSearch: (search: Record<string, unknown>): { show?: 'conditions' } =>
    search.show === 'conditions' ? { show: 'conditions' } : {},
  component: lazyRouteComponent(() => import('../detect/paging/PagingPage.tsx'), 'PagingPage'),
});
const goldenSets = createRoute({
  getParentRoute: () => shell,
  path: '/golden-sets',
  component: lazyRouteComponent(() => import('../detect/evals/SuiteList.tsx'), 'SuiteList'),
});
const goldenSet = createRoute({
  getParentRoute: () => shell,
  path: '/golden-sets/$suite',
  component: lazyRouteComponent(() => import('../detect/evals/SuitePage.tsx'), 'SuitePage'),
});
const evalRun = createRoute({
  getParentRoute: () => shell,
  path: '/eval-runs/$run',
  component: lazyRouteComponent(() => import('../detect/evals/RunPage.tsx'), 'RunPage'),
});
const probeList = createRoute({
  getParentRoute: () => shell,
  path: '/probes',
  component: lazyRouteComponent(() => import('../detect/probes/ProbeList.tsx'), 'ProbeList'),
});
const probeSuite = createRoute({
  getParentRoute: () => shell,
  path: '/probes/$suite',
  component: lazyRouteComponent(() => import('../detect/probes/ProbePage.tsx'), 'ProbePage'),
});
const quality = createRoute({
  getParentRoute: () => shell,
  path: '/quality',
  validateSearch: (search: Record<string, unknown>): { show?: 'drills' | 'backtests' } =>
    search.show === 'drills' || search.show === 'backtests' ? { show: search.show } : {},
  component: lazyRouteComponent(() => import('../detect/quality/QualityPage.tsx'), 'QualityPage'),
});
const executorList = createRoute({
  getParentRoute: () => shell,
  path: '/executors',
  component: lazyRouteComponent(() => import('../respond/executors/ExecutorsPage.tsx'), 'ExecutorsPage'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    welcome,
    shell.addChildren([
      now,
      candidateList,
      candidate,
      candidatePack,
      incidentList,
      room.addChildren([roomIndex, roomTriage, roomContain, roomEvidence, roomPeople]),
      guided,
      systems,
      system,
      playbookList,
      playbook,
      rubric,
      roles,
      risks,
      policyList,
      policy,
      start,
      vendorList,
      vendor,
      review,
      held,
      doctor,
      controlTest,
      channelList,
      accessList,
      oversight,
      predictions,
      measureList,
      measure,
      monitors,
      moderators,
      recordList,
      recordRules,
      sourceList,
      source,
      paging,
      goldenSets,
      goldenSet,
      evalRun,
      probeList,
      probeSuite,
      quality,
      executorList,
      settings,
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Crashed error={error} reset={reset} />,
  defaultPendingComponent: () => (
    <div className="p-6">
      <Skeleton lines={5} />
    </div>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
