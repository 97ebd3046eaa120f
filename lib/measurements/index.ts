export { connectingNote } from './connecting';
export { ofQuantile, type Finding } from './finding';
export { gather, metricReports, type MetricReport, type MetricReports } from './metrics';
export { phaseReports, type PhaseReport } from './phases';
export { stats, type Stats } from './stats';
export { timelinePoints, type TimelinePoint } from './timeline';
