#pragma once
// What Swift can't import of FFmpeg: macros, variadic functions, and names that differ between versions 5, 6 and 7.
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

static const int ow_again = AVERROR(EAGAIN);
static const int ow_eof = AVERROR_EOF;
static const int ow_invalid_data = AVERROR_INVALIDDATA;
static const int64_t ow_no_pts = AV_NOPTS_VALUE;

enum ow_failure {
  ow_failure_other, ow_failure_invalid, ow_failure_not_found, ow_failure_denied, ow_failure_protocol, ow_failure_http_denied,
  ow_failure_refused, ow_failure_memory,
};

static inline enum ow_failure ow_classify(int code) {
  switch (code) {
    case AVERROR_INVALIDDATA: return ow_failure_invalid;
    case AVERROR(ENOENT): case AVERROR_HTTP_NOT_FOUND: return ow_failure_not_found;
    case AVERROR(EACCES): case AVERROR(EPERM): return ow_failure_denied;
    case AVERROR_PROTOCOL_NOT_FOUND: case AVERROR_DEMUXER_NOT_FOUND: case AVERROR_DECODER_NOT_FOUND: case AVERROR(ENOSYS):
    case AVERROR_PATCHWELCOME: return ow_failure_protocol;
    case AVERROR_HTTP_UNAUTHORIZED: case AVERROR_HTTP_FORBIDDEN: return ow_failure_http_denied;
    case AVERROR(ECONNREFUSED): case AVERROR(ECONNRESET): case AVERROR(EHOSTUNREACH): case AVERROR(ENETUNREACH):
    case AVERROR(ETIMEDOUT): case AVERROR(EPIPE): case AVERROR_HTTP_BAD_REQUEST: case AVERROR_HTTP_OTHER_4XX:
    case AVERROR_HTTP_SERVER_ERROR: return ow_failure_refused;
    case AVERROR(ENOMEM): return ow_failure_memory;
    default: return ow_failure_other;
  }
}

static inline int64_t ow_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

static inline int ow_frame_is_intra(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
  return (frame->flags & AV_FRAME_FLAG_KEY) != 0 || frame->pict_type == AV_PICTURE_TYPE_I;
#else
  return frame->key_frame || frame->pict_type == AV_PICTURE_TYPE_I;
#endif
}

// Concealment that covers for a damaged bitstream. A missing reference alone is what open GOPs begin with.
static inline int ow_frame_is_damaged(const AVFrame *frame) {
  return (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame->decode_error_flags != 0;
}

// Nine numbers, or NULL: of the frame where it has its own, else of the stream.
static inline const int32_t *ow_display_matrix(const AVFrame *frame, const AVStream *stream) {
  if (frame) {
    const AVFrameSideData *own = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (own && own->size >= 36) return (const int32_t *)own->data;
  }
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  const AVPacketSideData *data = av_packet_side_data_get(stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data,
                                                         AV_PKT_DATA_DISPLAYMATRIX);
  return data && data->size >= 36 ? (const int32_t *)data->data : NULL;
#else
  size_t size = 0;
  const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 36 ? (const int32_t *)data : NULL;
#endif
}

// The sender's clock when this packet's frame was taken, microseconds since 1970; 0 where the stream doesn't say.
static inline int64_t ow_sender_microseconds(const AVPacket *packet) {
  size_t size = 0;
  const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_PRFT, &size);
  if (!data || size < sizeof(AVProducerReferenceTime)) return 0;
  AVProducerReferenceTime time;
  memcpy(&time, data, sizeof time);
  return time.wallclock;
}

// Cameras come with libavdevice, which pulls in a hundred other libraries: it is loaded only once a camera is asked for.
static inline int ow_register_devices(void) {
  char name[40];
  // FFmpeg raises all its major versions together, and libavdevice counts from the same number as libavformat.
  snprintf(name, sizeof name, "libavdevice.so.%d", LIBAVFORMAT_VERSION_MAJOR);
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return 0;
  void (*begin)(void) = (void (*)(void))dlsym(library, "avdevice_register_all");
  if (!begin) return 0;
  begin();
  return 1;
}
