/*
 * pipeline_episode.h
 *	  From when to when a lead was open, and with which stage.
 */
#ifndef LEAD_KPI_PIPELINE_EPISODE_H
#define LEAD_KPI_PIPELINE_EPISODE_H

#include "pipeline_history.h"

/* A lead with a stage as the furthest that it had reached, neither won nor lost by what was known then. */
typedef struct PipelineEpisode
{
	int position;
	TimestampTz entered_at; /* when it had reached that stage */
	TimestampTz from;
	TimestampTz until; /* infinity where it lasts */
	bool is_open;	   /* false: it was won, which does not end */
} PipelineEpisode;

/* When the lead came and was won; false: not known. */
extern bool pipeline_first(const PipelineHistory *history, PipelineEventKind kind, TimestampTz *at);

/* The episodes of a decoded history, by when they begin; won_position may be beyond the ladder. */
extern PipelineEpisode *pipeline_episodes(const PipelineHistory *history, int won_position, int *count);

/* The argument "won_position": beyond all stages where it is NULL. */
extern int won_position_argument(FunctionCallInfo fcinfo, int argument);

#endif /* LEAD_KPI_PIPELINE_EPISODE_H */
