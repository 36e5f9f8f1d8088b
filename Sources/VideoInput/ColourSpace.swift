import CFFmpeg

/// Which numbers a frame's colours are made of.
enum ColourSpace {
  /// The matrix that the frame names; where it names none, BT.709 from 720 lines or 1280 columns on and BT.601 below, as players assume.
  static func coefficients(_ frame: AVFrame) -> Int32 {
    switch frame.colorspace {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    default: frame.height >= 720 || frame.width >= 1280 ? SWS_CS_ITU709 : SWS_CS_ITU601
    }
  }

  /// The pixel format without the range that some formats carry in their name, and whether it uses the full range.
  static func plain(_ format: AVPixelFormat, range: AVColorRange) -> (AVPixelFormat, isFullRange: Bool) {
    switch format {
    case AV_PIX_FMT_YUVJ420P: (AV_PIX_FMT_YUV420P, true)
    case AV_PIX_FMT_YUVJ422P: (AV_PIX_FMT_YUV422P, true)
    case AV_PIX_FMT_YUVJ444P: (AV_PIX_FMT_YUV444P, true)
    case AV_PIX_FMT_YUVJ440P: (AV_PIX_FMT_YUV440P, true)
    case AV_PIX_FMT_YUVJ411P: (AV_PIX_FMT_YUV411P, true)
    // Grey stills say nothing of their range and use all of it; grey video says what it uses.
    default: (format, range == AVCOL_RANGE_JPEG || (range == AVCOL_RANGE_UNSPECIFIED && isGrey(format)))
    }
  }

  private static func isGrey(_ format: AVPixelFormat) -> Bool {
    guard let description = av_pix_fmt_desc_get(format) else { return false }
    return description.pointee.nb_components <= 2 && description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_PAL) == 0
  }
}
